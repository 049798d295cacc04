# The state of this environment: one bucket in its own account, versioned and encrypted, that only those who apply may read.
bucket       = "CHANGE-ME-baton-staging-state"
key          = "baton/staging.tfstate"
region       = "eu-central-1"
encrypt      = true
use_lockfile = true
