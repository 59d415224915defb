import os

from jackfield import Connector, Context, Outcome, command, connector, field, succeed


class Todo(Connector, name="todo"):
    """Things to do."""

    base_url: str = field("API address.", default=os.environ.get("TODO_URL", "https://jsonplaceholder.typicode.com"))

    @command(reads_only=True)
    async def get_todo(self, ctx: Context, id: int) -> Outcome:
        """Read one thing to do."""
        answer = await ctx.http.get(f"{self.base_url}/todos/{id}")
        answer.raise_for_status()
        return succeed(answer.body)


print(connector("todo", "get_todo", {"id": 1}).title)
