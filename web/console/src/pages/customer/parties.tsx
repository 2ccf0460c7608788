import type { ContactPoint, Customer, Party } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Pill } from "../../parts/page.tsx";

const CHANNEL_ICONS = { email: "mail", letter: "letter", sms: "talk", phone: "phone", portal: "eye" } as const;

/** Who belongs to the customer, how they are reached, and on what ground. */
export function Parties({ customer }: { customer: Customer }) {
  return (
    <div className="party-grid">
      {customer.parties.map((party) => (
        <PartyCard key={party.id} party={party} />
      ))}
    </div>
  );
}

function PartyCard({ party }: { party: Party }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const role =
    party.representativeKind === null
      ? texts.words.partyRole[party.role]
      : texts.words.representative[party.representativeKind];
  return (
    <Card title={party.name} end={<Pill>{role}</Pill>}>
      {party.writeOnlyTo && (
        <p style={{ marginBottom: 8 }}>
          <Pill tone="notice" icon="shield">
            {t.writeOnlyTo}
          </Pill>
        </p>
      )}
      <dl className="facts">
        {party.address.length > 0 && (
          <>
            <dt>{t.address}</dt>
            <dd>{party.address.join(", ")}</dd>
          </>
        )}
        {party.from !== null && (
          <>
            <dt>{t.validFrom}</dt>
            <dd>
              {format.dayShort(party.from)}
              {party.until !== null && ` ${t.until(format.dayShort(party.until))}`}
            </dd>
          </>
        )}
        {party.proof !== null && (
          <>
            <dt>{t.proof}</dt>
            <dd>{party.proof}</dd>
          </>
        )}
        {party.sees.length > 0 && (
          <>
            <dt>{t.sees}</dt>
            <dd>{party.sees.map((what) => (texts.words.sees as Record<string, string>)[what] ?? what).join(", ")}</dd>
          </>
        )}
      </dl>
      {party.contactPoints.length > 0 && (
        <ul className="points" style={{ marginTop: 10 }}>
          {party.contactPoints.map((point) => (
            <PointRow key={point.id} point={point} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function PointRow({ point }: { point: ContactPoint }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const consent = [
    texts.words.consent[point.consent],
    point.consentSource,
    point.consentAt === null ? null : format.instant(point.consentAt),
  ].filter(Boolean);
  return (
    <li>
      <Icon name={CHANNEL_ICONS[point.channel]} />
      <span>{point.value}</span>
      {point.usable ? (
        point.verifiedAt === null ? (
          <Pill>{t.notVerified}</Pill>
        ) : (
          <Pill tone="good" icon="check">
            {t.verified}
          </Pill>
        )
      ) : (
        <Pill tone="notice" icon="alert">
          {point.problem?.text ?? t.notUsable}
        </Pill>
      )}
      <span className="tiny">{consent.join(" · ")}</span>
    </li>
  );
}
