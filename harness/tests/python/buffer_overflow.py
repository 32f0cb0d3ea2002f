import serialbench_bugs

def func():
    serialbench_bugs.buffer_overflow()

def main():
    func()

if __name__ == "__main__":
    main()
