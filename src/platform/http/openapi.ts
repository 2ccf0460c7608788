import { z } from "@hono/zod-openapi";
import type { Problem } from "./model.ts";

/** The schema of every refusal, for the API's description. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    where: z.string().optional(),
    fields: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem") satisfies z.ZodType<{ [Key in keyof Problem]: unknown }>;

interface ProblemAnswer {
  readonly description: string;
  readonly content: { readonly "application/problem+json": { readonly schema: typeof problemSchema } };
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: "The body can't be read",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  409: "In conflict with what is stored",
  413: "Too large",
  422: "A rule is not met; `fields` names the places",
  429: "Too many requests",
  503: "Not available at the moment",
};

/**
 * The refusals of a route, for `responses` of `createRoute`. Typed as nothing, because `refuse` answers them outside
 * the handler's own type.
 */
export function refusals(...statuses: readonly number[]): Record<never, never> {
  const answers: Record<number, ProblemAnswer> = {};
  for (const status of statuses)
    answers[status] = {
      description: DESCRIPTIONS[status] ?? "Refused",
      content: { "application/problem+json": { schema: problemSchema } },
    };
  return answers;
}
