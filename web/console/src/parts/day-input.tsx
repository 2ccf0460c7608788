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
}: {
  label: string;
  value: string | null;
  onChange: (day: string | null) => void;
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
      description={value === null ? texts.common.dayHint : format.dayWeek(value)}
      value={text}
      {...(autofocus ? { "data-autofocus": true } : {})}
      error={error ?? null}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(readDay(event.currentTarget.value, businessDate));
      }}
    />
  );
}

const plain = (day: string, language: "de" | "en") => {
  const [year, month, date] = day.split("-");
  return language === "de" ? `${date}.${month}.${year}` : `${date}/${month}/${year}`;
};
