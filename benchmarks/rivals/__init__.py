"""What the API is measured against: the database's floor, a plain REST framework, Datasette."""
