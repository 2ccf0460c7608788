import { useNavigate } from "@tanstack/react-router";
import { useKeys } from "../../app/keys.tsx";
import { useSignedIn, useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { PageHead, Tabs } from "../../parts/page.tsx";
import { ApiKeys } from "./api-keys.tsx";
import { Own } from "./own.tsx";
import { Users } from "./users.tsx";
import "./settings.css";

export function SettingsPage() {
  const texts = useTexts();
  const t = texts.settings;
  const { user } = useSignedIn();
  const [{ tab }] = useListState();
  const navigate = useNavigate();
  const tabs = user.role === "admin" ? (["own", "users", "keys"] as const) : (["own"] as const);
  const current = tabs.find((one) => one === tab) ?? "own";
  const move = (by: number) => {
    const to = tabs[tabs.indexOf(current as never) + by];
    if (to !== undefined) void navigate({ to: ".", search: { tab: to } as never });
  };
  useKeys([
    { keys: "[", with: "]", label: texts.keys.tabs, bar: true, run: () => move(-1) },
    { keys: "]", label: texts.keys.tabRight, run: () => move(1) },
  ]);
  return (
    <>
      <PageHead name={texts.nav.settings} title={texts.nav.settings}>
        {t.lead}
      </PageHead>
      <Tabs
        label={texts.nav.settings}
        current={current}
        tabs={tabs.map((key) => ({
          key,
          label: t.tabs[key],
          to: "/settings",
          search: { tab: key === "own" ? undefined : key },
        }))}
      />
      {current === "own" && <Own />}
      {current === "users" && <Users />}
      {current === "keys" && <ApiKeys />}
    </>
  );
}
