import { Link, type LinkProps } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { KeyCap } from "../app/keys.tsx";
import { Icon, type IconName } from "./icon.tsx";

interface Look {
  readonly children: ReactNode;
  readonly icon?: IconName;
  /** The key that does the same; it stands on the button. The page registers it with `useKeys`. */
  readonly keyName?: string;
  readonly go?: boolean;
  readonly ghost?: boolean;
  readonly wide?: boolean;
}
const classOf = ({ go, ghost, wide }: Look) => `btn${go ? " go" : ""}${ghost ? " ghost" : ""}${wide ? " wide" : ""}`;
const shortcut = (name: string | undefined) =>
  name === undefined
    ? {}
    : { "aria-keyshortcuts": name.replace("ctrl", "Control").replace(/(^|\+)([a-z])$/, (m) => m.toUpperCase()) };

function Inside({ children, icon, keyName }: Look) {
  return (
    <>
      {icon !== undefined && <Icon name={icon} small />}
      {children}
      {keyName !== undefined && (
        <span aria-hidden="true">
          <KeyCap name={keyName} />
        </span>
      )}
    </>
  );
}

interface ButtonProps extends Look {
  readonly onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly type?: "button" | "submit";
  readonly busy?: boolean;
  readonly label?: string;
  readonly form?: string;
  /** Has the focus when its dialog opens. */
  readonly autofocus?: boolean;
}
/** Verb and object. Never disabled: while it works it says so and ignores a second press. */
export function Button(props: ButtonProps) {
  const { onClick, type = "button", busy = false, label, form, autofocus = false } = props;
  return (
    <button
      type={type}
      className={classOf(props)}
      aria-busy={busy || undefined}
      aria-label={label}
      form={form}
      data-autofocus={autofocus || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...shortcut(props.keyName)}
    >
      <Inside {...props} />
    </button>
  );
}

export function ButtonLink({ to, params, search, ...look }: Look & Pick<LinkProps, "to" | "params" | "search">) {
  return (
    <Link className={classOf(look)} {...({ to, params, search } as LinkProps)} {...shortcut(look.keyName)}>
      <Inside {...look} />
    </Link>
  );
}

export function IconButton({ icon, label, onClick }: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <button type="button" className="iconbtn" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
