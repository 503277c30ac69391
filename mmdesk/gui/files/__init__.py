"""The files that were opened: what each is, how far its analysis is, what went wrong."""
