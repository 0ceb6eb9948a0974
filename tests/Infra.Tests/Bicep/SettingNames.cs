using System.Reflection;
using HlsCache.Encoder.Jobs;
using HlsCache.Service;
using HlsCache.Storage;
using HlsCache.Storage.Sources;

namespace HlsCache.Infra.Tests.Bicep;

/// <summary>The settings that the code reads, by reflection over its options.</summary>
internal static class SettingNames
{
    public static readonly IReadOnlySet<string> App = Of(typeof(StorageOptions).Assembly, typeof(HlsCacheOptions).Assembly);

    public static readonly IReadOnlySet<string> Encoder = Of(typeof(StorageOptions).Assembly, typeof(EncoderOptions).Assembly);

    /// <summary>What others than our options read: the Functions host, the credential, the telemetry.</summary>
    public static readonly IReadOnlySet<string> Platform = new HashSet<string>(StringComparer.Ordinal)
    {
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
        "AZURE_CLIENT_ID",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
    };

    /// <summary>What no parameter of the template sets, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> NotInTheTemplate = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["HlsCache__ContainerPrefix"] = "the account holds one cache",
        ["HlsCache__TokenKey"] = "the app makes its own and keeps it in its tables",
        ["HlsCache__ApiKey"] = "the Functions host has keys of its own",
        ["Storage__ConnectionString"] = "an identity takes its place",
        ["Storage__BlobEndpoint"] = "follows from the account",
        ["Storage__TableEndpoint"] = "follows from the account",
        ["Storage__QueueEndpoint"] = "follows from the account",
        ["Sources__media__Path"] = "films are in a container",
        ["Sources__media__BlobEndpoint"] = "follows from the account",
        ["Sources__media__ConnectionString"] = "an identity takes its place",
        ["Queue__ConnectionString"] = "an identity takes its place",
        ["Encoder__Name"] = "the replica's name",
        ["Encoder__FfmpegPath"] = "the image decides",
        ["Encoder__FfprobePath"] = "the image decides",
    };

    private static HashSet<string> Of(params Assembly[] assemblies) => assemblies.SelectMany(a => a.GetTypes())
        .Select(type => (Type: type, Section: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string))
        .Where(options => options.Section is not null)
        .SelectMany(options => options.Type == typeof(SourcesOptions)
            ? Settable(typeof(SourceRootOptions)).Select(name => $"{options.Section}__media__{name}")
            : Settable(options.Type).Select(name => $"{options.Section}__{name}"))
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Settable(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name);
}
