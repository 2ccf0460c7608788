import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import type { CheckRule, CheckRuleChange, Severity } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { Card, Note, Waiting } from "../../parts/page.tsx";
import { SeverityPill } from "../../parts/severity.tsx";
import { useAct } from "../../parts/use-act.ts";
import { FindingsHead } from "./findings-head.tsx";
import "./rules.css";

const SEVERITIES: readonly Severity[] = ["blocking", "warning", "hint"];

/** The rules of the checks, readable in full; a manager switches them and sets their numbers. */
export function CheckRulesPage() {
  const texts = useTexts();
  const t = texts.findings;
  const [{ creditor }] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["findings", "rules", creditor],
    queryFn: ({ signal }) => call("GET /check-rules", { query: { creditor }, signal }),
  });
  return (
    <>
      <FindingsHead current="rules" />
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : (
        <>
          {!data.mayChange && <Note>{t.managerOnly}</Note>}
          <Card title={t.rulesOf(data.creditor.name)}>
            <ul className="rules">
              {data.rules.map((rule) => (
                <RuleRow key={rule.key} rule={rule} creditorId={data.creditor.id} mayChange={data.mayChange} />
              ))}
            </ul>
          </Card>
        </>
      )}
    </>
  );
}

function RuleRow({ rule, creditorId, mayChange }: { rule: CheckRule; creditorId: string; mayChange: boolean }) {
  const texts = useTexts();
  const t = texts.findings;
  const format = useFormat();
  const act = useAct([["findings"]]);
  const save = (change: Omit<CheckRuleChange, "creditorId">, before: Omit<CheckRuleChange, "creditorId">) => {
    const send = (body: Omit<CheckRuleChange, "creditorId">) =>
      call("PATCH /check-rules/{ruleKey}", { path: { ruleKey: rule.key }, body: { creditorId, ...body } });
    return act(
      t.ruleSaved(rule.name.text),
      () => send(change),
      () => send(before),
    );
  };
  return (
    <li className={rule.on ? undefined : "off"}>
      <div className="rule-text">
        <h3>{rule.name.text}</h3>
        <p className="mute">{rule.explains.text}</p>
        <p className="tiny">
          {rule.open > 0 && (
            <>
              <Link to="/findings" search={{ rule: rule.key, creditor: creditorId } as never}>
                {t.openCount(format.number(rule.open))}
              </Link>{" "}
            </>
          )}
          {rule.changedBy !== null && t.changed(rule.changedBy, format.instant(rule.changedAt))}
        </p>
      </div>
      <div className="rule-set">
        {mayChange ? (
          <>
            <label className="switch">
              <input
                type="checkbox"
                role="switch"
                checked={rule.on}
                onChange={() => void save({ on: !rule.on }, { on: rule.on })}
              />
              <span>{rule.on ? t.on : t.off}</span>
              <span className="sr"> {rule.name.text}</span>
            </label>
            <NativeSelect
              aria-label={t.severityOf(rule.name.text)}
              value={rule.severity}
              data={SEVERITIES.map((value) => ({ value, label: t.severity[value] }))}
              onChange={(event) =>
                void save({ severity: event.currentTarget.value as Severity }, { severity: rule.severity })
              }
            />
          </>
        ) : (
          <>
            <SeverityPill severity={rule.severity} /> <span>{rule.on ? t.on : t.off}</span>
          </>
        )}
        {rule.parameters.map((one) => (
          <Parameter
            key={one.name}
            parameter={one}
            mayChange={mayChange}
            onSave={(value) =>
              void save({ parameters: { [one.name]: value } }, { parameters: { [one.name]: one.value } })
            }
          />
        ))}
      </div>
    </li>
  );
}

function Parameter({
  parameter,
  mayChange,
  onSave,
}: {
  parameter: CheckRule["parameters"][number];
  mayChange: boolean;
  onSave: (value: number) => void;
}) {
  const t = useTexts().findings;
  const format = useFormat();
  const [text, setText] = useState(String(parameter.value));
  useEffect(() => setText(String(parameter.value)), [parameter.value]);
  const value = Number(text.replace(",", "."));
  const right = text.trim() !== "" && value >= parameter.min && value <= parameter.max;
  if (!mayChange) {
    return (
      <span className="tiny">
        {parameter.said.text}: {format.number(parameter.value)}
      </span>
    );
  }
  return (
    <TextInput
      label={parameter.said.text}
      inputMode="decimal"
      value={text}
      error={right ? null : t.from(format.number(parameter.min), format.number(parameter.max))}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => right && value !== parameter.value && onSave(value)}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}
