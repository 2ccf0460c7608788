import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, fileAddress } from "../../api/client.ts";
import type { Message, ParkedDecision } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Note, Pill, Waiting } from "../../parts/page.tsx";
import { STATE_TONES } from "./message-list.tsx";

/** A message as it left and why. */
export function MessageDetail({ messageId }: { messageId: string }) {
  const texts = useTexts();
  const t = texts.messages;
  const format = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ["message", messageId],
    queryFn: ({ signal }) => call("GET /messages/{messageId}", { path: { messageId }, signal }),
  });
  if (data === undefined) return <Waiting error={error} retry={() => void refetch()} />;
  return (
    <aside className="card detail" aria-label={t.message}>
      <div>
        <h2>{data.subject}</h2>
        <p className="mute">
          {[
            texts.words.channel[data.channel],
            texts.words.language[data.language],
            texts.words.tone[data.tone],
            data.brand,
          ].join(" · ")}
        </p>
      </div>
      <div className="acts">
        <Pill tone={STATE_TONES[data.state]}>
          {data.local && data.state === "left" ? t.local : texts.words.messageState[data.state]}
        </Pill>
        {data.evidence !== "none" && (
          <Pill tone={data.evidence === "revoked" ? "notice" : "good"}>{texts.words.evidence[data.evidence]}</Pill>
        )}
      </div>
      <dl className="facts">
        {data.recipient.length > 0 && (
          <>
            <dt>{t.to}</dt>
            <dd>{data.recipient.join(", ")}</dd>
          </>
        )}
        <dt>{t.from}</dt>
        <dd>{data.sender}</dd>
        <dt>{data.leftAt === null ? t.created : t.at}</dt>
        <dd>{format.instant(data.leftAt ?? data.createdAt)}</dd>
        {data.template.version > 0 && (
          <>
            <dt>{t.template}</dt>
            <dd>{t.templateVersion(data.template.name, data.template.version)}</dd>
          </>
        )}
        {data.decision !== null && (
          <>
            <dt>{t.strategy}</dt>
            <dd>{t.templateVersion(data.decision.strategy, data.decision.version)}</dd>
          </>
        )}
      </dl>
      {data.reason !== null && <Note tone="notice">{data.reason.text}</Note>}
      {data.mayDecide && <Decide message={data} />}
      {data.mayMarkBounced && <CameBack message={data} />}
      {data.why.length > 0 && (
        <div>
          <h3>{t.why}</h3>
          <ul className="lines">
            {data.why.map((line) => (
              <li key={line.text}>{line.text}</li>
            ))}
          </ul>
        </div>
      )}
      <Rendered message={data} />
      {data.steps.length > 0 && (
        <div>
          <h3>{t.steps}</h3>
          <ol className="way tl">
            {data.steps.map((step) => (
              <li key={`${step.state}${step.at}`}>
                <div className="h">
                  <span>{step.said?.text ?? texts.words.messageStep[step.state]}</span>
                  <time dateTime={step.at}>{format.instant(step.at)}</time>
                </div>
              </li>
            ))}
          </ol>
        </div>
      )}
    </aside>
  );
}

function Rendered({ message }: { message: Message }) {
  const texts = useTexts();
  const t = texts.messages;
  const [plain, setPlain] = useState(false);
  const base = `/messages/${encodeURIComponent(message.id)}`;
  return (
    <div className="rendered" style={{ display: "grid", gap: 8 }}>
      <h3>{t.asItLeft}</h3>
      {message.preview === "letter" ? (
        <>
          <img className="sheet page" src={fileAddress(`${base}/letter.svg`)} alt={t.letterPage(message.subject)} />
          <a href={fileAddress(`${base}/letter.pdf`)} target="_blank" rel="noreferrer">
            {t.openPdf}
          </a>
        </>
      ) : (
        <>
          {message.preview === "html" && !plain ? (
            <iframe
              className="sheet"
              title={t.preview(message.subject)}
              src={fileAddress(`${base}/preview`)}
              sandbox=""
            />
          ) : (
            <pre className="plaintext">{message.text}</pre>
          )}
          {message.preview === "html" && (
            <p>
              <button type="button" className="linkbtn" aria-pressed={plain} onClick={() => setPlain(!plain)}>
                {plain ? t.showHtml : t.showText}
              </button>
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** A returned letter, a mail the server gave back: said by who holds it in hand. */
function CameBack({ message }: { message: Message }) {
  const texts = useTexts();
  const t = texts.messages;
  const queries = useQueryClient();
  const note = async () => {
    try {
      await call("POST /messages/{messageId}/bounced", { path: { messageId: message.id } });
      say(t.cameBackDone);
    } catch (error) {
      sayProblem(problemText(error, texts));
    }
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["messages"] }),
      queries.invalidateQueries({ queryKey: ["message", message.id] }),
      queries.invalidateQueries({ queryKey: ["customer"] }),
    ]);
  };
  return (
    <div>
      <Button onClick={() => void note()} aria-describedby={`back-${message.id}`}>
        {t.cameBack}
      </Button>
      <p className="mute" id={`back-${message.id}`}>
        {t.cameBackHint}
      </p>
    </div>
  );
}

/** For messages whose outcome isn't known: a person finds out and says it. */
function Decide({ message }: { message: Message }) {
  const texts = useTexts();
  const t = texts.messages;
  const queries = useQueryClient();
  const decide = async (decision: ParkedDecision) => {
    try {
      await call("POST /messages/{messageId}/decide", { path: { messageId: message.id }, body: { decision } });
      say(t.decided[decision]);
    } catch (error) {
      sayProblem(problemText(error, texts));
    }
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["messages"] }),
      queries.invalidateQueries({ queryKey: ["message", message.id] }),
      queries.invalidateQueries({ queryKey: ["counts"] }),
    ]);
  };
  return (
    <div>
      <p>{t.unclear}</p>
      <div className="acts" style={{ marginTop: 8 }}>
        {(["left", "send_again", "drop"] as const).map((decision) => (
          <Button key={decision} onClick={() => void decide(decision)}>
            {t.decide[decision]}
          </Button>
        ))}
      </div>
    </div>
  );
}
