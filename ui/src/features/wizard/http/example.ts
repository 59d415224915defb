/** A declarative connector that works as it stands. */

export const EXAMPLE = `# Each operation is a command. The base URL can be changed in the next step.
baseUrl: https://httpbin.org
connectionConfig:
  team: { type: string, default: docs, description: Sent as a header. }
  token: { type: string, secret: true }
auth: { type: bearer, field: token }
operations:
  - name: get_request
    description: Send a query, and see what has arrived.
    method: GET
    path: /get
    parameters:
      type: object
      properties:
        q: { type: string, description: What to search for., default: jackfield }
        limit: { type: integer, default: 10 }
  - name: add_item
    description: Send a JSON body.
    method: POST
    path: /anything/{list}
    headers:
      X-Team: "{{ team }}"
    parameters:
      type: object
      properties:
        list: { type: string, default: inbox }
        title: { type: string }
      required: [title]
`;
