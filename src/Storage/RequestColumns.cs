using Azure.Data.Tables;
using HlsCache.Core.Keys;

namespace HlsCache.Storage;

/// <summary>How rows of any table hold a request.</summary>
internal static class RequestColumns
{
    public static void Write(TableEntity row, PlayRequest request)
    {
        row[nameof(PlayRequest.Source)] = request.Source.Value;
        row[nameof(PlayRequest.Quality)] = request.Quality.Name;
        row[nameof(PlayRequest.Audio)] = request.Audio.ToString();
        row[nameof(PlayRequest.Private)] = request.Private;
    }

    /// <summary>The request, or null when the row holds none that this version can read.</summary>
    public static PlayRequest? Read(TableEntity row) =>
        PlayRequest.Parse(row.GetString(nameof(PlayRequest.Source)), row.GetString(nameof(PlayRequest.Quality)), row.GetString(nameof(PlayRequest.Audio)), out _) is { } request
            ? request with { Private = row.GetString(nameof(PlayRequest.Private)) }
            : null;
}
