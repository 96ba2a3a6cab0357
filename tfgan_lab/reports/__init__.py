"""The page that a run leaves behind."""

from tfgan_lab.reports.page import reported, write_report

__all__ = ["reported", "write_report"]
