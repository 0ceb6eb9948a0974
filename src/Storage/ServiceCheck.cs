using Azure;

namespace HlsCache.Storage;

/// <summary>Asks a service whether it answers.</summary>
internal static class ServiceCheck
{
    /// <summary>Null when it does, else a sentence.</summary>
    /// <param name="role">What an identity needs to be answered.</param>
    public static async Task<string?> AskAsync(string service, string role, Func<Task> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (Exception e)
        {
            // Whatever it is, it is what is wrong.
            return $"The {service} service does not answer: {StorageFaults.Explain(e, $"the role {role}")}";
        }
    }

    /// <summary>Asks for the first of a listing: the roles of an identity allow that, and the properties of a service they do not.</summary>
    public static Task<string?> AskAsync<T>(string service, string role, AsyncPageable<T> listing)
        where T : notnull => AskAsync(service, role, async () => await listing.AsPages(pageSizeHint: 1).AnyAsync());
}
