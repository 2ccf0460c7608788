import { NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { call, follow, ProblemError, upload } from "../../api/client.ts";
import type { ImportJob, ImportPreview, MappingChoice } from "../../api/contract.ts";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { problemText, say } from "../../app/toast.tsx";
import { Button, ButtonLink, IconButton } from "../../parts/button.tsx";
import { Card, Note, Pill } from "../../parts/page.tsx";
import { Mapping } from "./mapping.tsx";
import { PreviewFacts, ResultFacts } from "./results.tsx";
import { AS_THE_CREDITOR_HAS_IT, type ListChoice, SnapshotFacts } from "./snapshot.tsx";

/** One file on its way: read first (nothing stored), shown, corrected, then imported. */
export function Upload({ file, onRemove }: { file: File; onRemove: () => void }) {
  const texts = useTexts();
  const t = texts.imports;
  const format = useFormat();
  const { creditors } = useSignedIn();
  const queries = useQueryClient();
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [choice, setChoice] = useState<MappingChoice | null>(null);
  const [creditor, setCreditor] = useState(creditors.length === 1 ? (creditors[0]?.id ?? "") : "");
  const [job, setJob] = useState<ImportJob | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [confirmed, setConfirmed] = useState(false);
  const [list, setList] = useState<ListChoice>(AS_THE_CREDITOR_HAS_IT);
  const stop = useRef<(() => void) | null>(null);

  const form = (mapping: MappingChoice | null) => {
    const data = new FormData();
    data.set("file", file, file.name);
    if (creditor !== "") data.set("creditor", creditor);
    if (list.kind !== "default") data.set("list", list.kind);
    if (list.asOf !== null) data.set("asOf", list.asOf);
    if (confirmed) data.set("confirmSnapshot", "yes");
    if (mapping !== null) data.set("mapping", JSON.stringify(mapping));
    return data;
  };
  // Another question may be asked before the answer to the last one is here: the newest counts.
  const asked = useRef(0);
  const look = async () => {
    asked.current += 1;
    const mine = asked.current;
    setError(null);
    setConfirmed(false);
    try {
      const seen = await upload("POST /imports/preview", form(choice), (done, total) => {
        if (preview === null) setSent(done / total);
      });
      if (mine === asked.current) setPreview(seen);
    } catch (failure) {
      if (mine === asked.current) setError(problemText(failure, texts));
    } finally {
      if (mine === asked.current) setSent(null);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the person said about the file changes what it would do
  useEffect(() => {
    void look();
  }, [choice, creditor, list.kind, list.asOf]);
  useEffect(() => () => stop.current?.(), []);

  const finished = (value: ImportJob) => value.state === "done" || value.state === "failed";
  const begin = async () => {
    asked.current += 1;
    setError(null);
    try {
      const started = await upload(
        "POST /imports",
        form(choice === null ? null : { ...choice, remember: true }),
        (done, total) => setSent(done / total),
      );
      setSent(null);
      setJob(started);
      const take = (value: ImportJob) => {
        setJob(value);
        if (!finished(value)) return;
        if (value.state === "done") say(t.imported(file.name));
        void queries.invalidateQueries();
      };
      if (finished(started)) take(started);
      else {
        stop.current = follow(
          `/imports/${started.id}/events`,
          () => call("GET /imports/{importId}", { path: { importId: started.id } }),
          finished,
          take,
        );
      }
    } catch (failure) {
      setSent(null);
      // The list and what is open have moved apart since it was looked at: what would vanish is shown again.
      if (failure instanceof ProblemError && failure.problem.code === "vanished_needs_confirmation") await look();
      setError(problemText(failure, texts));
    }
  };

  const refused = preview?.result.status === "refused";
  const missing = preview?.mapping?.missing ?? [];
  const needsCreditor = preview?.needsCreditor === true && creditor === "";
  const unconfirmed = preview?.snapshot?.mustConfirm === true && !confirmed;
  const hindered = needsCreditor
    ? t.chooseCreditor
    : list.asOf === null && list.text.trim() !== ""
      ? texts.common.noDay
      : unconfirmed
        ? t.confirmFirst
        : preview === null || missing.length > 0
          ? t.notReady
          : null;
  const share =
    job !== null && job.progress.total !== null && job.progress.total > 0
      ? job.progress.done / job.progress.total
      : null;
  const running = job !== null && !finished(job);
  return (
    <Card
      className="upload"
      title={file.name}
      end={
        <span style={{ display: "flex", gap: 8, alignItems: "center" }}>
          <span className="mute">{format.bytes(file.size)}</span>
          {job !== null && (
            <Pill tone={job.state === "failed" ? "problem" : job.state === "done" ? "good" : "info"}>
              {t.state[job.state]}
            </Pill>
          )}
          <IconButton icon="close" label={t.remove(file.name)} onClick={onRemove} />
        </span>
      }
    >
      {error !== null && <Note tone="problem">{error}</Note>}
      {(sent !== null || running) && (
        <ProgressLine
          label={sent !== null ? t.sending : t.state[job?.state ?? "waiting"]}
          share={sent ?? share}
          count={
            job === null || job.progress.total === null
              ? null
              : t.progress(format.number(job.progress.done), format.number(job.progress.total))
          }
        />
      )}
      {preview !== null && job === null && <PreviewFacts preview={preview} />}
      {preview?.snapshot !== undefined && job === null && !refused && (
        <SnapshotFacts
          snapshot={preview.snapshot}
          choice={list}
          onChoice={setList}
          confirmed={confirmed}
          onConfirm={setConfirmed}
        />
      )}
      {preview?.mapping && job === null && !refused && <Mapping mapping={preview.mapping} onChange={setChoice} />}
      {job?.result && finished(job) && <ResultFacts job={job} />}
      {job === null && preview !== null && !refused && (
        <>
          {preview.needsCreditor && creditors.length > 1 && (
            <div className="form" style={{ maxWidth: 320, marginBottom: 12 }}>
              <NativeSelect
                label={texts.words.creditor}
                description={t.creditorHint}
                value={creditor}
                data={[
                  { value: "", label: t.pleaseChoose },
                  ...creditors.map((one) => ({ value: one.id, label: one.name })),
                ]}
                onChange={(event) => setCreditor(event.currentTarget.value)}
              />
            </div>
          )}
          {missing.length > 0 && (
            <Note tone="notice">
              {t.missing(missing.map((name) => (t.targets as Record<string, string>)[name] ?? name).join(", "))}
            </Note>
          )}
          <div className="acts" style={{ marginTop: 10 }}>
            <Button go busy={sent !== null} onClick={() => (hindered === null ? void begin() : setError(hindered))}>
              {t.import}
            </Button>
            <Button onClick={onRemove}>{t.dontImport}</Button>
          </div>
        </>
      )}
      {job?.matched && job.matched.proposed > 0 && finished(job) && (
        <div className="acts">
          <ButtonLink go to="/bank">
            {t.checkProposals(job.matched.proposed)}
          </ButtonLink>
        </div>
      )}
    </Card>
  );
}

function ProgressLine({ label, share, count }: { label: string; share: number | null; count: string | null }) {
  return (
    <div style={{ margin: "4px 0 10px" }}>
      <p className="tiny" style={{ display: "flex", justifyContent: "space-between" }}>
        <span>{label}</span>
        <span>{count}</span>
      </p>
      <div
        className="bar-track"
        role="progressbar"
        aria-label={label}
        {...(share === null ? {} : { "aria-valuenow": Math.round(share * 100) })}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${Math.round((share ?? 0) * 100)}%` }} />
      </div>
    </div>
  );
}
