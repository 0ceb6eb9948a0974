// Keeps the admin key, which the app reads by a reference.

@description('Where the vault is.')
param location string

@description('Name of the vault.')
param name string

@secure()
@description('Key for callers of the admin routes; empty: the one that is there stays.')
param adminKey string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
  }

  resource key 'secrets' = if (!empty(adminKey)) {
    name: 'admin-key'
    properties: { value: adminKey }
  }
}

// Without a version, so that a new key is taken up.
output reference string = '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/admin-key)'
