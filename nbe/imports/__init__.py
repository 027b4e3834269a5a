"""Spreadsheets in and out: columns and words recognised, a dry run, whole or not at all, undo, export."""
