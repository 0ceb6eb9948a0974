// The smallest deployment that plays: nothing runs while nobody plays. What is not here has the default of main.bicep.
using './main.bicep'

param sizeGb = 100
param minReplicas = 0
param maxReplicas = 10

// Pushed before: docs/deploy.md. Without it everything is made but the encoder.
param encoderImage = readEnvironmentVariable('ENCODER_IMAGE', '')

// From the environment, so that it is in no file; the vault keeps it.
param adminRoutes = readEnvironmentVariable('ADMIN_ROUTES', 'false') == 'true'
param adminKey = readEnvironmentVariable('ADMIN_KEY', '')
param operatorId = readEnvironmentVariable('OPERATOR_ID', '')
