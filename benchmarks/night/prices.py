"""What AWS asks in us-east-1, in dollars, as noted on the day below: no free tier, and no discount.

Read AWS's pages again before you rely on them: they change, and other Regions ask more.
"""

from datetime import date
from typing import Final

NOTED_ON: Final = date(2026, 11, 27)
MILLION: Final = 1_000_000
# Amazon DynamoDB, on demand: a unit writes 1 KB, or reads 4 KB as it stands now.
DYNAMODB_WRITE: Final = 0.625 / MILLION
DYNAMODB_READ: Final = 0.125 / MILLION
# Of its class Standard, and of the backups by which a table is restored to a moment.
DYNAMODB_STORED_GB_MONTH: Final = 0.25
DYNAMODB_BACKED_UP_GB_MONTH: Final = 0.20
# AWS Lambda, x86.
LAMBDA_GB_SECOND: Final = 16.67 / MILLION
LAMBDA_INVOCATION: Final = 0.20 / MILLION
# Amazon SQS, standard queues, for each request.
SQS_REQUEST: Final = 0.40 / MILLION
# Amazon EventBridge: an event that an account puts on a bus itself, or sends to another account; and its archive.
EVENT: Final = 1.00 / MILLION
ARCHIVED_GB: Final = 0.10
ARCHIVED_GB_MONTH: Final = 0.023
# AWS X-Ray, for each trace that is recorded; Amazon CloudWatch Logs, for each gigabyte that comes in.
TRACE: Final = 5.00 / MILLION
LOGGED_GB: Final = 0.50
# AWS KMS, for each key and month.
KEY: Final = 1.00
