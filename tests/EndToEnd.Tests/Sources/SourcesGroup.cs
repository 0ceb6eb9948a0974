namespace HlsCache.EndToEnd.Tests.Sources;

[CollectionDefinition(Name)]
public sealed class SourcesGroup : ICollectionFixture<SourcePlays>
{
    public const string Name = "Sources";
}
