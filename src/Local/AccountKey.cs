using System.Security.Cryptography;

namespace HlsCache.Local;

/// <summary>
/// The key of the storage account, made anew for each data directory. With the one that every storage emulator is published with, any page that
/// finds the port could list films, and any user of this machine could read what signs links.
/// </summary>
internal static class AccountKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Bytes = 64;

    /// <summary>The directory's key, made when there is none yet. Data that were written under another key are read with it all the same.</summary>
    public static string Provide(string data)
    {
        var path = Path.Combine(data, "storage.key");
        if (!File.Exists(path))
        {
            // Whole, or not there.
            var part = path + ".part";
            File.Delete(part);
            using (var file = new StreamWriter(part, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
            }

            File.Move(part, path);
        }

        File.SetUnixFileMode(path, OwnerOnly);
        var key = File.ReadAllText(path).Trim();
        return Convert.TryFromBase64String(key, new byte[key.Length], out var length) && length == Bytes
            ? key
            : throw new InvalidDataException($"{path} does not hold a storage account key; delete it, and a new one is made.");
    }
}
