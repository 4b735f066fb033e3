"""The live part of the workbook: the hidden helper sheet 计算 and every sheet that computes from it."""
