// Three identities, so that each is given only what it needs, and given it before anything runs.

@description('Where the identities are.')
param location string

@description('Their names.')
param names { app: string, encoder: string, platform: string }

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.app
  location: location
}

resource encoder 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.encoder
  location: location
}

// Container Apps itself acts by this one: it pulls the image and counts the jobs. The encoder's process cannot get its tokens.
resource platform 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.platform
  location: location
}
