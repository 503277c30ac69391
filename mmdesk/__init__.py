"""mmdesk: understands pictures, video, sound and text together, on the user's own machine."""
