"""What mmdesk can do with a picture or a text, each on top of a pack."""
