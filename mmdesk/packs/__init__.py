"""Model packs: what a manifest says, and files that are what the manifest says."""
