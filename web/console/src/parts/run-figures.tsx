import type { Channel, Decisions, StageLine } from "../api/contract.ts";
import { useFormat, useTexts } from "../app/session.tsx";
import { NOTHING } from "../format/index.ts";
import { Pill } from "./page.tsx";

export function Outcomes({ decisions }: { decisions: Decisions }) {
  const texts = useTexts();
  const format = useFormat();
  return (
    <div className="big">
      {(["contact", "wait", "blocked"] as const).map((outcome) => (
        <div key={outcome}>
          <b>{format.number(decisions[outcome])}</b>
          <span className="tiny">{texts.words.outcome[outcome]}</span>
        </div>
      ))}
    </div>
  );
}

const CHANNELS: readonly Channel[] = ["email", "letter"];

export function StageTable({ stages }: { stages: readonly StageLine[] }) {
  const texts = useTexts();
  const format = useFormat();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{texts.words.stage}</th>
          <th scope="col" className="r">
            {texts.words.customers}
          </th>
          <th scope="col" className="r">
            {texts.words.amount}
          </th>
          {CHANNELS.map((channel) => (
            <th scope="col" className="r" key={channel}>
              {texts.words.channel[channel]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {stages.map((stage) => (
          <tr key={stage.stage}>
            <td>
              {stage.name} {stage.proposal && <Pill>{texts.words.proposal}</Pill>}
            </td>
            <td className="r">{format.number(stage.customers)}</td>
            <td className="r">{format.money(stage.amount)}</td>
            {CHANNELS.map((channel) => (
              <td className="r" key={channel}>
                {stage.byChannel[channel] ? format.number(stage.byChannel[channel]) : NOTHING}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
