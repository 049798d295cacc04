# The account that this environment lives in. A plan against another one is refused.
account_id = "000000000000"
region     = "eu-central-1"

# Roles and users that may take the role of operators, for npx baton callbacks.
operator_arns = []

# SNS topics that are told of alarms.
alarm_topic_arns = []

# What npm run package:notifier printed, after the archive was copied to S3; null when the image of the hosts has the notifier.
notifier = null
