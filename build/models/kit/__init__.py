"""The small training kit that every recipe under ``build/models`` shares.

Nothing here is imported by ``mmdesk`` at run time.
"""
