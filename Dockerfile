# The course in a container, from the same lists of packages as everywhere:
#   docker build -t courseware .
#   docker run --rm -it -p 8888:8888 -v courseware:/home/learner/kept courseware
# and open the address with 127.0.0.1 that it prints. Copies of the lessons and progress are kept in the volume.
FROM python:3.12-slim

WORKDIR /course
COPY requirements.txt ./
COPY scripts/tools.txt scripts/
RUN pip install --no-cache-dir -r requirements.txt -r scripts/tools.txt

COPY . .
RUN pip install --no-build-isolation --no-deps -e .

RUN useradd --create-home learner
USER learner
RUN mkdir /home/learner/kept
ENV COURSEWARE_HOME=/home/learner/kept/progress COURSEWARE_WORK=/home/learner/kept/my_lessons
VOLUME /home/learner/kept
EXPOSE 8888
CMD ["course", "lab", "--ip", "0.0.0.0", "--port", "8888", "--no-browser"]
