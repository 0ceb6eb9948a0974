namespace HlsCache.EndToEnd.Tests.Deployed;

/// <summary>Tests that share one package: to make it takes long.</summary>
[CollectionDefinition(nameof(DeployedGroup))]
public sealed class DeployedGroup : ICollectionFixture<ScriptRoot>;
