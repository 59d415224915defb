/** A token for one check: it works for minutes, and is revoked as soon as that is over. */

import { createGatewayToken } from "~/api/gateways";
import { createToken, revokeToken } from "~/api/tokens";

const LASTS_S = 300;

export function checkToken(gateway: string, scopes: readonly string[]): { make: () => Promise<string>; revoke: () => Promise<void> } {
  let id = "";
  return {
    make: async () => {
      const asked = { name: "mcp check", scopes: [...scopes], expiresIn: LASTS_S };
      const made = await (gateway ? createGatewayToken(gateway, asked) : createToken(asked));
      id = made.token.id;
      return made.text;
    },
    revoke: async () => {
      // One that could not be revoked ends by itself.
      if (id) await revokeToken(id).catch(() => {});
    },
  };
}
