"""Threads and queues: one inference worker, the queue in front of it, the mailbox behind it."""
