// The whole journey of an app, through types generated from the schema: what does not fit does not compile.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

const [site, outbox] = process.argv.slice(2) as [string, string];
const phone = "+4915123000001";
const secret = "Lantern-Quartz-Orbit-51";
let token = "";

const api = createClient<paths>({ baseUrl: site });
api.use({
  onRequest({ request }) {
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    if (request.method === "POST") request.headers.set("Idempotency-Key", randomUUID());
    return request;
  },
});

function keep(answer: components["schemas"]["SignIn"] | undefined): components["schemas"]["SignIn"] {
  assert.ok(answer);
  token = answer.token;
  return answer;
}

async function newestCode(): Promise<string> {
  for (let tries = 0; tries < 300; tries += 1) {
    const messages = readdirSync(outbox)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(outbox, name), "utf-8")) as { to: string; code?: string });
    const code = messages.filter((message) => message.to === phone && message.code).at(-1)?.code;
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("No code came.");
}

const policy = (await api.GET("/api/v1/policies/current", { params: { query: { country: "DE" } } })).data;
assert.ok(policy);
const form = (await api.GET("/api/v1/fields", { params: { query: { kind: "individual", country: "DE" } } })).data;
assert.ok(form?.fields.some((field) => field.key === "phone" && field.required && field.sensitive));

const refused = await api.POST("/api/v1/registrations/individual", {
  body: {
    name: "Type Script",
    username: "typed_person",
    password: secret,
    phone: "12",
    country: "DE",
    consent: { policy: policy.digest, language: policy.language, agreed: true, birth_month: { year: 1990, month: 5 } },
  },
});
assert.equal(refused.error?.errors?.["phone"]?.length, 1);

const begun = await api.POST("/api/v1/registrations/individual", {
  body: {
    name: "Type Script",
    username: "typed_person",
    password: secret,
    phone,
    country: "DE",
    consent: { policy: policy.digest, language: policy.language, agreed: true, birth_month: { year: 1990, month: 5 } },
  },
});
assert.equal(keep(begun.data).next, "verify_contact");
keep((await api.POST("/api/v1/auth/verify", { body: { code: await newestCode() } })).data);

const me = await api.GET("/api/v1/me");
assert.equal(me.data?.username, "typed_person");
const corrected = await api.PATCH("/api/v1/me", { body: { company_name: "Typed Ltd" } });
assert.equal(corrected.data?.company_name, "Typed Ltd");
const granted = await api.POST("/api/v1/me/consents", { body: { act: "granted", purpose: "product_news" } });
assert.deepEqual(granted.data?.purposes, ["product_news"]);
const cancelled = await api.POST("/api/v1/me/cancellation", { body: { confirmed: true } });
assert.ok(cancelled.data);
assert.equal((await api.GET("/api/v1/me")).error?.code, "not_signed_in");
const path = { reference: cancelled.data.reference };
assert.equal((await api.GET("/api/v1/receipts/{reference}", { params: { path } })).data?.state, "cooling_off");
console.log("journey done");
