// A storage account: without shared keys, without anonymous readers.

@description('Where the account is.')
param location string

@description('Name of the account.')
param name string

@description('Containers to make; those of the cache are made by the app.')
param containers string[] = []

@description('Whether pages of any origin may fetch with a signed URL.')
param servesPages bool = false

@description('How many days what is deleted can be had back; null: not at all, and it costs nothing from then on.')
@minValue(1)
@maxValue(365)
param undoDays int?

var undo = undoDays == null ? { enabled: false } : { enabled: true, days: undoDays! }

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: undo
      containerDeleteRetentionPolicy: undo
      isVersioningEnabled: false
      changeFeed: { enabled: false }
      // The signature is the credential, and a redirect makes the origin null, so it has to be any.
      cors: {
        corsRules: servesPages
          ? [
              {
                allowedOrigins: ['*']
                allowedMethods: ['GET', 'HEAD', 'OPTIONS']
                allowedHeaders: ['range', 'x-ms-*', 'if-none-match']
                exposedHeaders: ['content-length', 'content-range', 'accept-ranges', 'etag']
                maxAgeInSeconds: 86400
              }
            ]
          : []
      }
    }

    resource made 'containers' = [
      for container in containers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }
}

// No lifecycle rule: it would take segments of sealed films one by one. The app evicts whole films.

output blobEndpoint string = account.properties.primaryEndpoints.blob
