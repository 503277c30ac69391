"""The pack ``starter-answer``: short answers to questions about a picture."""
