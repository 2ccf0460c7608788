export * from "./act.ts";
export * from "./api_keys.ts";
export * from "./audit.ts";
export * from "./login.ts";
export * from "./middleware.ts";
export * from "./model.ts";
export * from "./permissions.ts";
export {
  accessTasks,
  actorOf,
  closeSession,
  csrfTokenOf,
  type LinkSecret,
  readSession,
  type Session,
  SESSION_RULES,
  type SessionRules,
  type SignedIn,
} from "./sessions.ts";
export {
  applySignInLink,
  createSignInLink,
  inspectSignInLink,
} from "./sign_in_links.ts";
export * from "./tenants.ts";
export {
  addUser,
  changeUser,
  disableUser,
  listUsers,
  type NewUser,
  readUser,
  savePreferences,
  type User,
  type UserChange,
} from "./users.ts";
