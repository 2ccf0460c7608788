import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber } from "../../format/index.ts";
import { Card, Note } from "../../parts/page.tsx";
import { SeverityPill } from "../../parts/severity.tsx";

/** What else belongs to this file: merged files, the household, possible duplicates. Silent when there is nothing. */
export function RelatedNotes({ customerId }: { customerId: string }) {
  const t = useTexts().related;
  const format = useFormat();
  const { data } = useQuery({
    queryKey: ["customer", customerId, "related"],
    queryFn: ({ signal }) => call("GET /customers/{customerId}/related", { path: { customerId }, signal }),
    retry: false,
  });
  if (data === undefined) return null;
  const { mergedInto, merged, household, duplicates } = data;
  if (mergedInto === null && merged.length === 0 && household.length === 0 && duplicates.length === 0) return null;
  return (
    <Note tone={mergedInto === null && duplicates.length === 0 ? "info" : "notice"}>
      {mergedInto !== null && (
        <p>
          {t.mergedInto}{" "}
          <Link to="/customers/$customerId" params={{ customerId: mergedInto.id }}>
            {mergedInto.name} ({customerNumber(mergedInto.number)})
          </Link>
        </p>
      )}
      {merged.map((one) => (
        <p key={one.customer.id}>
          {t.merged(one.customer.name, customerNumber(one.customer.number), format.instant(one.at))}{" "}
          {one.pairId !== null && (
            <Link to="/duplicates" search={{ state: "merged", sel: one.pairId } as never}>
              {t.show}
            </Link>
          )}
        </p>
      ))}
      {household.length > 0 && (
        <p>
          {t.household}{" "}
          {household.map((one, at) => (
            <span key={one.id}>
              {at > 0 && ", "}
              <Link to="/customers/$customerId" params={{ customerId: one.id }}>
                {one.name}
              </Link>
            </span>
          ))}
        </p>
      )}
      {duplicates.map((one) => (
        <p key={one.pairId}>
          {t.maybe(one.other.name, customerNumber(one.other.number))}{" "}
          <Link to="/duplicates" search={{ sel: one.pairId } as never}>
            {t.compare}
          </Link>
        </p>
      ))}
    </Note>
  );
}

/** What the checks found with this customer, only when there is something. */
export function CustomerFindings({ customerId }: { customerId: string }) {
  const texts = useTexts();
  const { data } = useQuery({
    queryKey: ["findings", { customer: customerId }],
    queryFn: ({ signal }) => call("GET /findings", { query: { customer: customerId, limit: 5 }, signal }),
    retry: false,
  });
  if (data === undefined || data.rows.length === 0) return null;
  return (
    <Card title={texts.nav.findings}>
      <ul className="blockers">
        {data.rows.map((one) => (
          <li key={one.id}>
            <Link to="/findings" search={{ sel: one.id, rule: one.rule.code } as never}>
              {one.rule.text}
            </Link>
            <SeverityPill severity={one.severity} />
            <span className="tiny">{one.said.text}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
