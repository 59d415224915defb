// A connector in JavaScript, to be tried, read and copied. It needs no service: its employees stand below.

var VERSION = "1.0.0";

var EMPLOYEES = [
  { id: "E001", name: "Ada Moreno", email: "ada@example.com", department: "engineering", title: "Engineer" },
  { id: "E002", name: "Ben Okafor", email: "ben@example.com", department: "engineering", title: "Team lead" },
  { id: "E003", name: "Chiara Rossi", email: "chiara@example.com", department: "finance", title: "Controller" },
  { id: "E004", name: "Dmitri Hale", email: "dmitri@example.com", department: "sales", title: "Account manager" },
  { id: "E005", name: "Emi Tanaka", email: "emi@example.com", department: "sales", title: "Head of sales" },
];

function test() {
  floh.log.info("checking the connection");
  return { success: true, payload: { status: "ok", version: VERSION, dataCount: EMPLOYEES.length } };
}

function lookupEmployee() {
  var id = floh.params.id, email = floh.params.email;
  if (!id && !email) {
    floh.log.warn("neither `id` nor `email` was given");
    return _refuse("give `id` or `email`", { missing: ["id", "email"] });
  }
  var found = EMPLOYEES.find(function (each) {
    return id ? each.id === id : each.email === String(email).toLowerCase();
  });
  if (!found) {
    return _refuse("there is no such employee", { id: id, email: email }, { employeeFound: false });
  }
  return { success: true, payload: { employee: found }, variables: { employeeFound: true, employeeId: found.id } };
}

function listEmployees() {
  // What a workflow has found out earlier counts where the call says nothing.
  var department = floh.params.department || floh.variables.department;
  var found = EMPLOYEES.filter(function (each) {
    return !department || each.department === department;
  });
  floh.log.debug("found " + found.length + " of " + EMPLOYEES.length);
  return {
    success: true,
    payload: { employees: found.slice(0, floh.params.limit || 50), total: found.length },
    variables: { employeeCount: found.length },
  };
}

function createEmployee() {
  var missing = ["name", "email", "department"].filter(function (name) {
    return !floh.params[name];
  });
  if (missing.length) {
    return _refuse("missing: " + missing.join(", "), { missing: missing });
  }
  if (String(floh.params.email).indexOf("@") < 1) {
    return _refuse("`email` is no address", { invalid: ["email"] });
  }
  var number = EMPLOYEES.length + 1;
  var employee = {
    id: "E" + String(number).padStart(3, "0"),
    name: floh.params.name,
    email: String(floh.params.email).toLowerCase(),
    department: floh.params.department,
    title: floh.params.title || "",
    company: floh.config.company,
  };
  floh.log.info("would create " + employee.id);
  return { success: true, payload: { employee: employee, simulated: true }, variables: { employeeId: employee.id } };
}

function echo() {
  return { success: true, payload: { params: floh.params, config: floh.config, variables: floh.variables } };
}

function _refuse(error, diagnostics, variables) {
  return { success: false, error: error, diagnostics: diagnostics, variables: variables || {} };
}
