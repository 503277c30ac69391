"""The core generator: a request goes in, events come out; the same for every front end."""
