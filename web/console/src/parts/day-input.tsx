import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useFormat, useSignedIn, useTexts } from "../app/session.tsx";
import { readDay } from "../format/index.ts";

/** A day in any usual writing; says below what it understood. */
export function DayInput({
  label,
  value,
  onChange,
  error,
  optional = false,
  autofocus = false,
  hint,
  past = false,
}: {
  label: string;
  value: string | null;
  /** What was understood, and what stands in the field. */
  onChange: (day: string | null, text: string) => void;
  /** A day without a year is the last such day, not the next. */
  past?: boolean;
  /** Instead of the usual one, while no day is given. */
  hint?: string;
  error?: string | null;
  optional?: boolean;
  autofocus?: boolean;
}) {
  const texts = useTexts();
  const format = useFormat();
  const { businessDate } = useSignedIn();
  const [text, setText] = useState(value === null ? "" : plain(value, format.language));
  return (
    <TextInput
      label={optional ? `${label} (${texts.common.optional})` : label}
      description={value === null ? (hint ?? texts.common.dayHint) : format.dayWeek(value)}
      value={text}
      {...(autofocus ? { "data-autofocus": true } : {})}
      error={error ?? null}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(readDay(event.currentTarget.value, businessDate, past), event.currentTarget.value);
      }}
    />
  );
}

const plain = (day: string, language: "de" | "en") => {
  const [year, month, date] = day.split("-");
  return language === "de" ? `${date}.${month}.${year}` : `${date}/${month}/${year}`;
};
