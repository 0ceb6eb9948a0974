// The function app: a custom handler on Flex Consumption.

import { variable } from '../settings.bicep'

@description('Where the app is.')
param location string

@description('First part of the names.')
param prefix string

@description('Name of the identity that the app acts by.')
param identity string

@description('Name of the account of the Functions host.')
param hostAccount string

@description('URL of the container that holds the package.')
param packages string

@description('Settings that the app reads.')
param settings variable[]

@description('Memory of an instance in MB.')
param memoryMb int

@description('How many instances there may be.')
param maxInstances int

@description('How many instances wait for requests at all times.')
param alwaysReady int

@description('How many requests one instance takes at a time.')
param concurrency int

resource actor 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identity
}

// Those that start with FUNCTIONS_ are not for Flex Consumption.
var host = [
  { name: 'AzureWebJobsStorage__accountName', value: hostAccount }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: actor.properties.clientId }
  { name: 'AZURE_CLIENT_ID', value: actor.properties.clientId }
]

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: '${prefix}-plan'
  location: location
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: '${prefix}-app'
  location: location
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${actor.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: actor.id
    siteConfig: {
      minTlsVersion: '1.2'
      // Viewers' pages are anywhere. What costs something needs a key, and no cookie is ever looked at.
      cors: { allowedOrigins: ['*'], supportCredentials: false }
      appSettings: concat(host, settings)
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packages
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: actor.id }
        }
      }
      runtime: { name: 'custom', version: '1.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: memoryMb
        maximumInstanceCount: maxInstances
        alwaysReady: alwaysReady > 0 ? [{ name: 'http', instanceCount: alwaysReady }] : []
        triggers: { http: { perInstanceConcurrency: concurrency } }
      }
    }
  }

  // Packages come by the container, so nobody needs a password.
  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

output name string = app.name
output id string = app.id
output url string = 'https://${app.properties.defaultHostName}'
