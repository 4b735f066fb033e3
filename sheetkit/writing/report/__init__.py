"""The sheets a run adds: overview, segments, plan, checks and log, as a workbook to be grafted."""
