"""Sheets for people to look at: what the shipped packs say of pictures, faces and voices."""
