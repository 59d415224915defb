"""Order a book, from a server that was started with `jackfield serve --demo`.

JACKFIELD_URL and JACKFIELD_TOKEN say where the server is, and who asks. The key is one for each order: whoever repeats
the command with it orders nothing twice, also when the network has lost the first answer.
"""

import sys

from jackfield import JackfieldError, load_connector

if len(sys.argv) != 3:
    sys.exit("usage: python order.py BOOK_ID KEY")
book_id, key = sys.argv[1:]

try:
    shop = load_connector("demo")
    outcome = shop.call("order_book", {"bookId": int(book_id)}, idempotency_key=key)
except JackfieldError as error:  # it could not start, or nobody knows what became of it
    sys.exit(f"{error.code}: {error.message}\n{error.hint}")

if not outcome.success:  # the shop refused
    sys.exit(f"{outcome.code}: {outcome.error}")
print(f"order {outcome.order}: {outcome.copies} x {outcome.book}")
