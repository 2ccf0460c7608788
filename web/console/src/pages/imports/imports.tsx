import { useRef, useState } from "react";
import type { ImportJob } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, Pill } from "../../parts/page.tsx";
import { ImportsHead } from "./imports-head.tsx";
import { Upload } from "./upload.tsx";
import "./imports.css";

interface Waiting {
  readonly id: number;
  readonly file: File;
}

export function ImportsPage() {
  const texts = useTexts();
  const t = texts.imports;
  const [files, setFiles] = useState<readonly Waiting[]>([]);
  const [over, setOver] = useState(false);
  const next = useRef(1);
  const input = useRef<HTMLInputElement>(null);
  const add = (list: FileList | null) => {
    const fresh = [...(list ?? [])].map((file) => ({ id: next.current++, file }));
    setFiles((before) => [...fresh, ...before]);
  };
  useKeys([{ keys: "e", label: t.choose, bar: true, run: () => input.current?.click() }]);
  return (
    <>
      <ImportsHead current="files" />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button does the same */}
      <div
        className={`drop${over ? " over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          add(event.dataTransfer.files);
        }}
      >
        <Icon name="file" />
        <b>{t.drop}</b>
        <p className="tiny">{t.formats}</p>
        <Button go={files.length === 0} keyName="e" onClick={() => input.current?.click()}>
          {t.choose}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          tabIndex={-1}
          aria-label={t.choose}
          onChange={(event) => {
            add(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {files.length > 0 && (
        <div className="uploads">
          {files.map((one) => (
            <Upload
              key={one.id}
              file={one.file}
              onRemove={() => setFiles((before) => before.filter((other) => other.id !== one.id))}
            />
          ))}
        </div>
      )}
      <History />
    </>
  );
}

const STATE_TONES = { waiting: "plain", reading: "info", matching: "info", done: "good", failed: "problem" } as const;

function History() {
  const texts = useTexts();
  const t = texts.imports;
  const format = useFormat();
  const list = useServerList("GET /imports", { key: ["imports"], filters: ["state"] });
  const columns: readonly Column<ImportJob>[] = [
    { key: "file", label: t.file, sort: true, render: (row) => <b>{row.file}</b> },
    { key: "format", label: t.format, sort: true, render: (row) => row.format },
    {
      key: "state",
      label: texts.words.state,
      render: (row) => <Pill tone={STATE_TONES[row.state]}>{t.state[row.state]}</Pill>,
    },
    {
      key: "new",
      label: t.fresh,
      right: true,
      render: (row) => (row.result?.imported ? format.number(row.result.imported.new) : NOTHING),
    },
    {
      key: "known",
      label: t.known,
      right: true,
      render: (row) => (row.result?.imported ? format.number(row.result.imported.known) : NOTHING),
    },
    {
      key: "matched",
      label: t.matched,
      render: (row) =>
        row.matched === null
          ? NOTHING
          : t.matchedCounts(
              format.number(row.matched.automatic),
              format.number(row.matched.proposed),
              format.number(row.matched.unmatched),
            ),
    },
    { key: "by", label: t.by, render: (row) => row.by },
    { key: "at", label: t.at, sort: true, className: "nw", render: (row) => format.instant(row.at) },
  ];
  return (
    <>
      <h2>{t.history}</h2>
      <ListBar
        list={list}
        filters={[
          {
            name: "state",
            label: texts.words.state,
            options: (["done", "failed"] as const).map((key) => [key, t.state[key]] as const),
          },
        ]}
      />
      <ListDetail label={t.history} columns={columns} list={list} empty={<Empty title={t.noHistory} />} />
    </>
  );
}
