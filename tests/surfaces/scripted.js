// The connector `trial` in JavaScript: what is said of a call must not depend on what its connector is written in.

function list_items() {
  var path = "/items/" + encodeURIComponent(floh.params.channel) + "?limit=" + floh.params.limit;
  var answer = floh.http.get(floh.config.base_url + path);
  return { payload: { items: answer.body }, variables: { total: answer.body.length } };
}

function fetch() {
  return { payload: { body: floh.http.get(floh.params.url).body } };
}

function refuse() {
  return {
    success: false,
    error: "there is no such channel",
    code: "no-channel",
    diagnostics: { channel: "x" },
    variables: { tried: 1 },
  };
}

function leak() {
  floh.log.debug("about to leak " + floh.config.api_key);
  throw new Error("cannot use " + floh.config.api_key);
}

function endless() {
  for (;;);
}

function old() {
  return { success: true, data: {} };
}
