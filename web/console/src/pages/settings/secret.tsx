import { useTexts } from "../../app/session.tsx";
import { say } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Note } from "../../parts/page.tsx";

/** Shown once: the server keeps only its hash. */
export function Secret({ value, hint }: { value: string; hint: string }) {
  const texts = useTexts();
  return (
    <>
      <Note tone="notice">{hint}</Note>
      <div className="secret">
        <code>{value}</code>
        <Button
          icon="copy"
          onClick={() => void navigator.clipboard?.writeText(value).then(() => say(texts.common.copied))}
        >
          {texts.common.copy}
        </Button>
      </div>
    </>
  );
}
