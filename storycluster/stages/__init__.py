"""Stages: functions from tables to tables; no stage imports another."""
