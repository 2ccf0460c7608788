import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { CustomerRef } from "../api/contract.ts";
import { customerNumber, NOTHING } from "../format/index.ts";
import type { Column } from "./list.tsx";

/** A customer as a way to the file. */
export function CustomerLink({ customer }: { customer: Pick<CustomerRef, "id" | "name"> }) {
  return (
    <Link to="/customers/$customerId" params={{ customerId: customer.id }}>
      {customer.name}
    </Link>
  );
}

/** Name and number of a customer in a list; `more` stands behind the number. */
export function CustomerCell({ customer, more }: { customer: CustomerRef; more?: ReactNode }) {
  return (
    <>
      <b>
        <CustomerLink customer={customer} />
      </b>
      <span className="tiny">
        {customerNumber(customer.number)}
        {more}
      </span>
    </>
  );
}

/** The column of the customer, by which the server sorts. */
export function customerColumn<Row extends { readonly customer: CustomerRef | null }>(
  label: string,
  more?: (row: Row) => ReactNode,
): Column<Row> {
  return {
    key: "customer",
    label,
    sort: true,
    render: (row) => (row.customer === null ? NOTHING : <CustomerCell customer={row.customer} more={more?.(row)} />),
  };
}
