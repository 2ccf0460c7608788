import type { ReactNode } from "react";

/** Outline icons on a 24 grid. They stand beside words; alone only with a name. */
const PATHS = {
  home: <path d="M4 11.5 12 4.500l8 7M6 10v9.500h12V10" />,
  list: <path d="M9 6.500h11M9 12h11M9 17.500h11M4.5 6.500h.01M4.5 12h.01M4.5 17.500h.01" />,
  people: (
    <>
      <circle cx="9" cy="8.5" r="3.5" />
      <path d="M3 19.500c.5-3.5 3-5.2 6-5.200s5.5 1.7 6 5.200M15.5 5.300a3.5 3.5 0 0 1 0 6.400M17.5 14.800c2 .7 3.2 2.3 3.5 4.7" />
    </>
  ),
  bank: <path d="M4 9.5 12 4.500l8 5zM6 10v7M10 10v7M14 10v7M18 10v7M4 19.500h16" />,
  run: <path d="M5 5.500v13l6.5-6.500zM12.5 5.500v13L19 12z" />,
  route: (
    <>
      <circle cx="6" cy="18" r="2.5" />
      <circle cx="18" cy="6" r="2.5" />
      <path d="M8.5 18h6a3 3 0 0 0 0-6h-5a3 3 0 0 1 0-6h6" />
    </>
  ),
  gear: (
    <>
      <circle cx="12" cy="12" r="3" />
      <path d="M12 3.500v2.500M12 18v2.500M3.5 12H6M18 12h2.500M6 6l1.8 1.800M16.2 16.2 18 18M18 6l-1.8 1.800M7.8 16.2 6 18" />
    </>
  ),
  search: (
    <>
      <circle cx="11" cy="11" r="6" />
      <path d="m15.5 15.5 4.5 4.5" />
    </>
  ),
  down: <path d="m6 9.5 6 6 6-6" />,
  bell: <path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.5 1.500h-15zM10 20.500h4" />,
  file: (
    <path d="M12 4v11M7.5 8.5 12 4l4.5 4.500M4.5 15.500V18A1.5 1.5 0 0 0 6 19.500h12a1.5 1.5 0 0 0 1.5-1.500v-2.5" />
  ),
  alert: (
    <>
      <path d="M12 4 2.8 19.500h18.400z" />
      <path d="M12 10v4M12 16.800v.01" />
    </>
  ),
  letter: (
    <>
      <path d="M6 3.500h8.500L19 8v12.500H6z" />
      <path d="M14 3.500V8.500h5M9 12.500h6M9 16h4" />
    </>
  ),
  hold: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M10 9v6M14 9v6" />
    </>
  ),
  law: <path d="M12 4v16M7 20h10M5 7h14M5 7l-2.5 6h5zM19 7l-2.5 6h5z" />,
  filter: <path d="M4 6h16M7 12h10M10 18h4" />,
  export: <path d="M12 4v11M8 11l4 4 4-4M5 15v4.500h14V15" />,
  phone: (
    <path d="M5 4h3.500l1.8 4.5-2.3 1.400a11 11 0 0 0 6 6l1.5-2.300L20 15.500V19a1.5 1.5 0 0 1-1.6 1.500A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4z" />
  ),
  done: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="m8.5 12.3 2.4 2.4 4.6-5" />
    </>
  ),
  talk: (
    <>
      <path d="M20 11.500a7.5 7.5 0 0 1-11 6.600L4 19.500l1.4-4.500A7.5 7.5 0 1 1 20 11.500z" />
      <path d="M9 11.500h.01M12.5 11.500h.01M16 11.500h.01" />
    </>
  ),
  shield: (
    <>
      <path d="M12 3.5 5 6v6c0 4.2 3 7 7 8.5 4-1.5 7-4.3 7-8.500V6z" />
      <path d="m9 12 2.2 2.200L15.2 10" />
    </>
  ),
  object: (
    <>
      <path d="M4 20V5.5A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.500v9a1.5 1.5 0 0 1-1.5 1.500H8z" />
      <path d="M12 7.500v3M12 13v.01" />
    </>
  ),
  swap: <path d="M7 4 3.5 7.5 7 11M3.5 7.500H17M17 13l3.5 3.500L17 20M20.5 16.500H7" />,
  mail: (
    <>
      <rect x="3.5" y="5.5" width="17" height="13" rx="2" />
      <path d="m4 7.5 8 5.5 8-5.5" />
    </>
  ),
  later: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  check: <path d="m5 12.5 4.5 4.500L19 7.5" />,
  eye: (
    <>
      <path d="M2.5 12C5 7.5 8.3 5.5 12 5.500s7 2 9.5 6.500c-2.5 4.5-5.8 6.5-9.5 6.500S5 16.5 2.5 12z" />
      <circle cx="12" cy="12" r="3" />
    </>
  ),
  close: <path d="m6.5 6.5 11 11M17.5 6.500l-11 11" />,
  left: <path d="m14.5 6-6 6 6 6" />,
  right: <path d="m9.5 6 6 6-6 6" />,
  up: <path d="m6 14.5 6-6 6 6" />,
  undo: <path d="M8.5 5 4 9.5 8.5 14M4 9.500h10a5 5 0 0 1 0 10h-3" />,
  plus: <path d="M12 5v14M5 12h14" />,
  note: <path d="M4.5 19.500h4L19 9l-4-4L4.5 15.500zM13 7l4 4" />,
  audit: (
    <>
      <path d="M6 3.500h9L19 8v12.500H6z" />
      <path d="m9.5 14 2 2 3.5-4" />
    </>
  ),
  inbox: (
    <>
      <path d="M4 13.5 6.5 5h11l2.5 8.500V19H4z" />
      <path d="M4 13.500h4.500a3.5 3.5 0 0 0 7 0H20" />
    </>
  ),
  key: (
    <>
      <circle cx="8" cy="15" r="4" />
      <path d="m11 12 8-8M16 7l2.5 2.5" />
    </>
  ),
  copy: (
    <>
      <rect x="8.5" y="8.5" width="11" height="11" rx="2" />
      <path d="M15.5 8.500V6a1.5 1.5 0 0 0-1.5-1.500H6A1.5 1.5 0 0 0 4.5 6v8A1.5 1.5 0 0 0 6 15.500h2.5" />
    </>
  ),
  play: <path d="M8 5.500v13l10-6.500z" />,
  sun: (
    <>
      <circle cx="12" cy="12" r="3.5" />
      <path d="M12 3.500V6M12 18v2.500M3.5 12H6M18 12h2.500M6 6l1.7 1.700M16.3 16.3 18 18M18 6l-1.7 1.700M7.7 16.3 6 18" />
    </>
  ),
  coins: (
    <>
      <ellipse cx="9" cy="7.5" rx="5.5" ry="3" />
      <path d="M3.500 7.500v4.500c0 1.700 2.500 3 5.500 3M14.500 7.500v2" />
      <ellipse cx="15" cy="14" rx="5.5" ry="3" />
      <path d="M9.500 14v3.500c0 1.700 2.500 3 5.500 3s5.500-1.300 5.500-3V14" />
    </>
  ),
  parcel: (
    <>
      <path d="M12 3.500 4.500 7.500v9L12 20.500l7.500-4v-9z" />
      <path d="M4.500 7.500 12 11.500l7.500-4M12 11.500v9M8.200 5.500l7.500 4" />
    </>
  ),
  gone: (
    <>
      <path d="M6 3.500h8.500L19 8v3M6 3.500v17h6" strokeDasharray="3 2.500" />
      <path d="m15 15 5 5M20 15l-5 5" />
    </>
  ),
  scale: <path d="M5 8.500h14M5 15.500h14M15.500 4.500l-7 15" />,
  twins: (
    <>
      <circle cx="8" cy="9" r="3" />
      <circle cx="16" cy="9" r="3" />
      <path d="M2.800 18.500c.4-3 2.600-4.500 5.200-4.500 1.600 0 3 .6 4 1.700 1-1.100 2.400-1.700 4-1.700 2.600 0 4.800 1.500 5.200 4.500" />
    </>
  ),
  calendar: (
    <>
      <rect x="4" y="5.5" width="16" height="14" rx="2" />
      <path d="M4 10h16M8.500 3.500v4M15.500 3.500v4" />
    </>
  ),
  house: <path d="M4 11.500 12 4.500l8 7M6 10v9.500h12V10M10 19.500v-5h4v5" />,
  server: (
    <>
      <rect x="4" y="4.5" width="16" height="6.500" rx="1.5" />
      <rect x="4" y="13" width="16" height="6.500" rx="1.5" />
      <path d="M7.500 7.750h.01M7.500 16.250h.01M11 7.750h5.500M11 16.250h5.500" />
    </>
  ),
  folder: (
    <path d="M3.500 18V6.500A1.500 1.500 0 0 1 5 5h4.500l2 2.500H19A1.500 1.500 0 0 1 20.500 9v9a1.500 1.500 0 0 1-1.500 1.500H5A1.500 1.500 0 0 1 3.500 18z" />
  ),
  out: <path d="M13.5 5H6v14h7.500M10 12h10M16.5 8.5 20 12l-3.5 3.5" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small, className }: { name: IconName; small?: boolean; className?: string }) {
  return (
    <svg className={`i${small ? " s" : ""}${className ? ` ${className}` : ""}`} viewBox="0 0 24 24" aria-hidden="true">
      {PATHS[name]}
    </svg>
  );
}
