/** The part of mjml 5 that we use; the package has no types of its own. */
declare module "mjml" {
  export default function mjml2html(
    source: string,
    options: { fonts: Record<string, string>; validationLevel: "strict"; keepComments: boolean },
  ): Promise<{ readonly html: string; readonly errors: readonly unknown[] }>;
}
