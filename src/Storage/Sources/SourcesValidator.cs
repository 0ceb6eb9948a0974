using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Storage.Lifecycle;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Sources;

internal sealed class SourcesValidator(IOptions<CacheOptions> cache) : IValidateOptions<SourcesOptions>
{
    public ValidateOptionsResult Validate(string? name, SourcesOptions options)
    {
        if (options.Roots.Count == 0)
        {
            return ValidateOptionsResult.Fail("No source is configured: set Sources__media__Path to a directory of films, or Sources__media__Container to a container of them.");
        }

        var faults = options.Roots.Select(root => Fault($"Sources__{root.Key}", root.Key, root.Value)).OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? Fault(string setting, string root, SourceRootOptions options) => options switch
    {
        _ when SourcePath.Parse($"/{root}/film", out _)?.Root != root => $"{setting}: the name cannot be the first part of a path.",
        { Path: null or "", Container: null or "" } => $"{setting}__Path is missing: set it to a directory of films, or {setting}__Container to a container of them.",
        { Path: not (null or ""), Container: not (null or "") } => $"{setting}__Path and {setting}__Container are both set: keep the one that is meant.",
        { Container: not (null or "") } => ContainerFault(setting, options),
        { AccountName: not (null or "") } or { ConnectionString: not (null or "") } or { BlobEndpoint: not (null or "") } =>
            $"{setting}: an account goes with {setting}__Container, not with {setting}__Path.",
        _ when !Directory.Exists(options.Path) => $"{setting}__Path: there is no directory {options.Path}.",
        _ => null,
    };

    private string? ContainerFault(string setting, SourceRootOptions options) => options switch
    {
        _ when !options.HasValidContainer() => $"{setting}__Container must be the name of a container: 3 to 63 lower-case letters, digits and single hyphens between them.",
        _ when IsOurs(options.Container!) => $"{setting}__Container: {options.Container} has a name that this app gives to containers of its own, which it deletes. "
            + "Rename it, or change HlsCache__ContainerPrefix.",
        { AccountName: not (null or ""), ConnectionString: not (null or "") } => $"{setting}__AccountName and {setting}__ConnectionString are both set: keep the one that is meant.",
        { AccountName: not (null or "") } when !StorageOptions.IsAccountName(options.AccountName) => $"{setting}__AccountName must be 3 to 24 lower-case letters or digits.",
        { ConnectionString: not (null or "") } when StorageOptions.Read(options.ConnectionString) is null => $"{setting}__ConnectionString is not the connection string of a storage account.",
        { BlobEndpoint: not (null or "") } when string.IsNullOrEmpty(options.AccountName) => $"{setting}__BlobEndpoint goes with {setting}__AccountName.",
        { BlobEndpoint: not (null or "") } when !StorageOptions.IsHttps(options.BlobEndpoint) => $"{setting}__BlobEndpoint must be an address that begins with https://.",
        _ => null,
    };

    private bool IsOurs(string container) =>
        GenerationId.Parse(cache.Value.ContainerPrefix, container) is not null || container == BlobMaintenanceStore.ContainerName(cache.Value.ContainerPrefix);
}
