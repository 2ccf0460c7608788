declare module "virtual:theme.css";
declare module "@fontsource-variable/source-sans-3/wght.css";
