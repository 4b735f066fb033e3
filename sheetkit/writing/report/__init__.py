"""The sheets a run adds: overview, segments, plan, checks and log, as a workbook to be grafted."""

from sheetkit.writing.report.workbook import report_workbook

__all__ = ["report_workbook"]
