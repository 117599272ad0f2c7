"""PostgreSQL as the framework speaks to it, but for how it finds out whether an idle connection still lives.

The framework asks the server (`SELECT 1`) before the first query of each request: one more way to the database and back
for pages that need three. A server that has closed a connection has said so on the socket, and one that has not would
answer; so the socket is looked at, and the server is only asked where something has come on it.
"""

from select import POLLIN, poll

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    def is_usable(self) -> bool:
        """Whether the connection lives, as far as can be seen from here."""
        if self.connection is None or self.connection.closed:
            return False
        socket = poll()
        socket.register(self.connection.fileno(), POLLIN)
        return super().is_usable() if socket.poll(0) else True
